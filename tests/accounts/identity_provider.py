"""A small OpenID Connect provider on this machine that logs in the person a test names."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "misstep", "between us"


class IdentityProvider(ThreadingHTTPServer):
    """A provider that answers with `claims`; `lies` replace claims of an honest token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.signing_key = self.key
        self.claims: dict[str, Any] = {}
        self.in_userinfo: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        honest = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
        }
        header = {"alg": "RS256", "kid": "one"}
        return jwt.encode(header, honest | self.claims | self.lies, self.signing_key)


class _Handler(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        address, path = self.server.address, urlsplit(self.path)
        if path.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": address,
                    "authorization_endpoint": f"{address}/authorize",
                    "token_endpoint": f"{address}/token",
                    "userinfo_endpoint": f"{address}/userinfo",
                    "jwks_uri": f"{address}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif path.path == "/keys":
            self.answer(KeySet([self.server.key]).as_dict(private=False))
        elif path.path == "/userinfo":
            self.answer(self.server.in_userinfo)
        elif path.path == "/authorize":
            asked = dict(parse_qsl(path.query))
            code = secrets.token_urlsafe()
            self.server.asked[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.server.asked.pop(form["code"][0])
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert self.headers["Authorization"] == f"Basic {basic}"
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        assert challenge == asked["code_challenge"]
        assert form["redirect_uri"][0] == asked["redirect_uri"]
        token = self.server.id_token(asked)
        self.answer({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def answer(self, words: dict[str, Any]) -> None:
        body = json.dumps(words).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Not into the tests' output."""


@contextmanager
def running() -> Iterator[IdentityProvider]:
    with IdentityProvider() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
