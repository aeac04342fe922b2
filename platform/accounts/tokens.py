"""Tokens for the API: made, shown once, revoked. The database holds their digests alone."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User

# So that a token that turns up in a log or a repository is known for what it is.
PREFIX = "misstep_"
# A use is noted once in that time, so that a thousand requests don't cost a thousand writes.
NOTED_EVERY = timedelta(minutes=1)


def make_token(user: User, name: str) -> tuple[ApiToken, str]:
    """The token's row, and its text, which nobody sees again."""
    text = PREFIX + secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name, digest=_digest(text)), text


def revoke_token(token: ApiToken) -> None:
    """From now on nobody comes in by it; its row stays."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])


def user_of_token(text: str) -> User | None:
    """Who comes in by the token, or None for one that is made up or revoked, or whose person may
    not log in."""
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
    """Of 256 random bits, so a fast hash without salt is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
