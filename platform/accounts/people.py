"""People with a login: added and changed by leads."""

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User


class PersonRefused(Refused):
    """A change that would lock everybody out, with a sentence saying so."""


def add_person(username: str, *, role: str) -> User:
    """A new person without a password, who comes in by a login link and sets one."""
    user = User(username=username, role=role)
    user.set_unusable_password()
    user.save()
    return user


def change_person(user: User, *, role: str, is_active: bool) -> User:
    """Give a person another role, or take or return their login; their verdicts stay."""
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
    """Part a person from their login at the provider: whoever has their address there is next."""
    user.sign_on_subject = None
    user.save(update_fields=["sign_on_subject"])
