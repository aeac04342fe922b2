"""What a person types, kept on the server as they type; it outlives the page, lease and login."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotations.errors import DraftConflict, LeaseLost
from annotations.leases.lifecycle import lock_lease
from annotations.models import Draft, Item, Lease

# Held, put aside or lost by time; or submitted, and being changed.
_OPEN_TO_WORDS = {Lease.State.HELD, *Lease.RETURNING, Lease.State.SUBMITTED}


@dataclass(frozen=True, slots=True)
class SavedDraft:
    content: dict[str, Any]
    version: int


def draft_of(item: Item, user: User) -> SavedDraft | None:
    found = Draft.objects.filter(item=item, user=user).first()
    return SavedDraft(json.loads(found.content), found.version) if found else None


def save_draft(lease_id: int, user: User, content: dict[str, Any], *, version: int) -> int:
    """Keep `content` as what follows `version` (0 where there was none); the new version.

    Kept also where the lease has run out. The same content again is no change. Raises
    DraftConflict, with what stands, where another window saved since; LeaseLost for a lease that
    is not the person's or that they have finished.
    """
    text = json.dumps(content)
    with transaction.atomic():
        lease, _ = lock_lease(lease_id, user)
        if lease.state not in _OPEN_TO_WORDS:
            raise LeaseLost("you have finished it")
        found = Draft.objects.select_for_update().filter(item=lease.item_id, user=user).first()
        if found is None:
            return Draft.objects.create(item_id=lease.item_id, user=user, content=text).version
        if found.content == text:
            return found.version
        if found.version != version:
            raise DraftConflict(json.loads(found.content), found.version)
        found.content = text
        found.version += 1
        found.saved_at = timezone.now()
        found.save(update_fields=["content", "version", "saved_at"])
        return found.version
