"""The port that the site listens on."""

import socket

from misstep.local.errors import LocalServiceError


def require_free(host: str, port: int) -> None:
    """Raise LocalServiceError, naming a free port, if another program uses this one."""
    reason = _refusal(host, port)
    if not reason:
        return
    other = next(
        (number for number in range(port + 1, port + 100) if not _refusal(host, number)), 0
    )
    if not other:
        raise LocalServiceError(f"Can't listen on {host} ({reason}): try another --host.")
    raise LocalServiceError(
        f"Port {port} of {host} can't be used ({reason}): "
        f"run `misstep up --port {other}`, or stop the program that has it."
    )


def _refusal(host: str, port: int) -> str:
    """Return why the port can't be used, or an empty string."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as candidate:
            # As gunicorn does: a port whose last user has just left is free.
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            candidate.bind(address)
    except (OSError, OverflowError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
    return ""
