"""One-time login links, as the start command prints them.

The token is Django's password-reset token under a salt of our own: it dies with the next login, a
changed password, or after `PASSWORD_RESET_TIMEOUT`.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import User


class _LoginTokenGenerator(PasswordResetTokenGenerator):
    key_salt = "accounts.login_links"


_tokens = _LoginTokenGenerator()


def login_path(user: User) -> str:
    """Return a path that logs `user` in once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("accounts:login-link", args=[uid, _tokens.make_token(user)])


def user_of(uid: str, token: str) -> User | None:
    """Return the user of a link, or None when it was used before, is too old or was made up."""
    try:
        user = User.objects.get(pk=int(urlsafe_base64_decode(uid)), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return user if _tokens.check_token(user, token) else None
