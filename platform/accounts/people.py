"""People with a login: added and changed by leads."""

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User


class PersonRefused(Refused):
    """A change that would leave the site without a lead."""


def add_person(username: str, *, role: str) -> User:
    """Add a person without a password, who logs in by a link and sets one."""
    user = User(username=username, role=role)
    user.set_unusable_password()
    user.save()
    return user


def change_person(user: User, *, role: str, is_active: bool) -> User:
    """Change a person's role, or close or reopen their login; their verdicts stay."""
    with transaction.atomic():
        leads = User.objects.select_for_update().filter(role=User.Role.LEAD, is_active=True)
        others = [lead for lead in leads if lead.pk != user.pk]
        if not others and (role != User.Role.LEAD or not is_active):
            raise PersonRefused(
                f"{user.username} is the only lead. Give another person the role first."
            )
        user.role = role
        user.is_active = is_active
        user.save(update_fields=["role", "is_active"])
    return user


def forget_sign_on(user: User) -> None:
    """Unlink a person from their login at the provider.

    The next login there with their verified address is linked to them.
    """
    user.sign_on_subject = None
    user.save(update_fields=["sign_on_subject"])
