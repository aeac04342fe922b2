"""Tokens for the API: made, shown once, revoked. The database holds their digests alone."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User

# Makes a token that turns up in a log or a repository recognisable.
PREFIX = "misstep_"
# The time of use is written at most this often, to save a write at most requests.
NOTED_EVERY = timedelta(minutes=1)


def make_token(user: User, name: str) -> tuple[ApiToken, str]:
    """Create a token; return its row and its text, which is not stored and can't be shown again."""
    text = PREFIX + secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name, digest=_digest(text)), text


def revoke_token(token: ApiToken) -> None:
    """Revoke the token; its row stays."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def user_of_token(text: str) -> User | None:
    """Return the user of a token, or None if it is invalid, revoked or its user may not log in."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(text), revoked_at=None, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token.user


def _digest(text: str) -> str:
    """Return the hash to store; for 256 random bits a fast one without salt is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
