import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import annotations.models.queue
import traces.fields

ONLY_ADDED = """
CREATE FUNCTION annotations_event_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of a queue is only ever added to.';
END $$;
CREATE TRIGGER annotations_event_unchanged BEFORE UPDATE ON annotations_event
    FOR EACH ROW EXECUTE FUNCTION annotations_event_unchanged();
"""
ANY_CHANGE = """
DROP TRIGGER annotations_event_unchanged ON annotations_event;
DROP FUNCTION annotations_event_unchanged();
"""
# Every assignment changes an item, and the searches for the next one read an index whose head items
# leave all the time: items leave room on their pages and are vacuumed often, so that dead entries
# don't pile up there.
ROOM = """
ALTER TABLE annotations_item SET (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE annotations_lease SET (fillfactor = 80);
"""
NO_ROOM = """
ALTER TABLE annotations_item RESET (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay);
ALTER TABLE annotations_lease RESET (fillfactor);
"""


class Migration(migrations.Migration):
    replaces = [
        ("annotations", "0001_queues_items_leases"),
        ("annotations", "0002_log_and_storage"),
        ("annotations", "0003_exact_drafts_and_notes"),
        ("annotations", "0004_fewer_item_indexes"),
        ("annotations", "0005_shown_event"),
        ("annotations", "0006_member_resumed_at"),
        ("annotations", "0007_withdrawn_event"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("traces", "0001_schema"),
    ]

    operations = [
        migrations.CreateModel(
            name="Queue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "open"), ("paused", "paused"), ("closed", "closed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("is_for_everyone", models.BooleanField(default=False)),
                ("choices", models.JSONField(blank=True, default=dict)),
                ("disagreeing", models.JSONField(blank=True, default=list)),
                ("guidelines", models.TextField(blank=True)),
                (
                    "label_scheme",
                    models.CharField(
                        choices=[
                            ("first_error", "the first wrong step"),
                            ("every_step", "every step: +1, 0, -1"),
                        ],
                        default="first_error",
                        max_length=16,
                    ),
                ),
                (
                    "error_types",
                    models.JSONField(default=annotations.models.queue.default_error_types),
                ),
                ("ask_severity", models.BooleanField(default=False)),
                ("overlap", models.PositiveSmallIntegerField(default=1)),
                ("max_overlap", models.PositiveSmallIntegerField(default=1)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("single", "one reviewer decides"),
                            ("majority", "a majority names the same step"),
                            ("unanimity", "all reviewers name the same step"),
                            ("processbench", "three of at most five reviewers name the same step"),
                        ],
                        default="single",
                        max_length=16,
                    ),
                ),
                (
                    "unresolved",
                    models.CharField(
                        choices=[
                            ("adjudicate", "go to adjudication"),
                            ("discard", "are discarded"),
                        ],
                        default="adjudicate",
                        max_length=16,
                    ),
                ),
                ("bad_problem_limit", models.PositiveSmallIntegerField(default=2)),
                ("give_up_limit", models.PositiveSmallIntegerField(default=3)),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("oldest", "oldest first"),
                            ("uncertainty", "uncertain models first"),
                            ("disagreement", "disagreement first"),
                            ("random", "random order"),
                        ],
                        default="oldest",
                        max_length=16,
                    ),
                ),
                (
                    "threshold",
                    models.FloatField(
                        default=0.5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                (
                    "random_share",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                ("seed", models.PositiveBigIntegerField(default=1)),
                (
                    "opinions",
                    models.CharField(
                        choices=[
                            ("hidden", "hidden"),
                            ("until_decided", "hidden until decided"),
                            ("shown", "shown"),
                        ],
                        default="until_decided",
                        max_length=16,
                    ),
                ),
                (
                    "blind_share",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                (
                    "gold_share",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                ("gold_feedback", models.BooleanField(default=False)),
                (
                    "pass_mark",
                    models.FloatField(
                        default=0.8,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                (
                    "drift_bound",
                    models.FloatField(
                        default=0,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                    ),
                ),
                ("drift_window", models.PositiveSmallIntegerField(default=20)),
                ("lease_minutes", models.PositiveSmallIntegerField(default=20)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("ordered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queues",
                        to="traces.dataset",
                    ),
                ),
                (
                    "judge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue",
                        to="traces.judge",
                    ),
                ),
                (
                    "saved_filter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="traces.savedfilter",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "name"), name="queue_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("dataset",),
                        name="queue_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overlap__gte", 1),
                            ("max_overlap__gte", models.F("overlap")),
                            ("max_overlap__lte", 16),
                        ),
                        name="queue_overlap_possible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("random_share__range", (0, 1)),
                            ("blind_share__range", (0, 1)),
                            ("gold_share__range", (0, 1)),
                            ("pass_mark__range", (0, 1)),
                            ("drift_bound__range", (0, 1)),
                        ),
                        name="queue_shares_are_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lease_minutes__gte", 1)), name="queue_lease_lasts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("work", "work"), ("gold", "gold"), ("screening", "screening")],
                        default="work",
                        max_length=16,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("settled", "settled"),
                            ("disputed", "in dispute"),
                            ("discarded", "discarded"),
                            ("bad_problem", "bad problem"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("priority", models.FloatField(default=0)),
                ("is_random", models.BooleanField(default=False)),
                ("inclusion_probability", models.FloatField(blank=True, null=True)),
                (
                    "free_slots",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                ("people", models.PositiveSmallIntegerField(default=0)),
                ("answers", models.PositiveSmallIntegerField(default=0)),
                ("bad_problems", models.PositiveSmallIntegerField(default=0)),
                ("give_ups", models.PositiveSmallIntegerField(default=0)),
                ("gold_label", models.SmallIntegerField(blank=True, null=True)),
                ("gold_feedback", models.TextField(blank=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "trace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="traces.trace",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="annotations.queue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("people", 0), ("purpose", "work"), ("status", "open")),
                        fields=["queue", "is_random", "priority", "id"],
                        name="item_fresh",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("people__gt", 0),
                            ("purpose", "work"),
                            ("status", "open"),
                            models.Q(("free_slots", []), _negated=True),
                        ),
                        fields=["queue", "priority", "id"],
                        name="item_begun",
                    ),
                    models.Index(
                        condition=models.Q(("purpose", "work"), _negated=True),
                        fields=["queue", "purpose"],
                        name="item_gold",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["open", "settled"]), _negated=True),
                        fields=["queue", "status", "id"],
                        name="item_out_of_line",
                    ),
                    models.Index(fields=["queue", "id"], name="item_in_order"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose", "work"),
                            models.Q(("gold_label__gte", -1), ("gold_label__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_gold_has_label",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("inclusion_probability__isnull", True),
                            models.Q(
                                ("inclusion_probability__gt", 0), ("inclusion_probability__lte", 1)
                            ),
                            _connector="OR",
                        ),
                        name="item_inclusion_is_a_probability",
                    ),
                    models.UniqueConstraint(fields=("trace", "queue"), name="item_once_a_queue"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("submitted", "submitted"),
                            ("skipped", "skipped"),
                            ("postponed", "postponed"),
                            ("gave_up", "too hard"),
                            ("bad_problem", "bad problem"),
                            ("unsure", "unsure"),
                            ("released", "returned"),
                            ("expired", "expired"),
                        ],
                        default="held",
                        max_length=16,
                    ),
                ),
                ("is_ahead", models.BooleanField(default=False)),
                ("is_blind", models.BooleanField(default=False)),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("heartbeat_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("shown_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("note", traces.fields.NulSafeTextField(blank=True)),
                ("gold_correct", models.BooleanField(blank=True, null=True)),
                (
                    "annotator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leases",
                        to="annotations.item",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="leases",
                        to="traces.verdict",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leases",
                        to="annotations.queue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["annotator", "queue"],
                        name="lease_held",
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["expires_at"],
                        name="lease_running",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["postponed", "released", "expired"])),
                        fields=["annotator", "queue", "due_at"],
                        name="lease_returning",
                    ),
                    models.Index(fields=["annotator", "queue", "ended_at"], name="lease_history"),
                    models.Index(
                        condition=models.Q(("gold_correct__isnull", False)),
                        fields=["queue", "annotator", "ended_at"],
                        name="lease_gold",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "slot"), name="lease_one_a_slot"),
                    models.UniqueConstraint(
                        fields=("item", "annotator"), name="lease_one_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["held", "submitted"]),
                            ("slot__isnull", True),
                            _connector="OR",
                        ),
                        name="lease_slot_given_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "queue created"),
                            ("filled", "traces added"),
                            ("changed", "settings changed"),
                            ("status", "opened, paused or closed"),
                            ("member", "member changed"),
                            ("granted", "item assigned"),
                            ("released", "item returned"),
                            ("expired", "item returned after idle time"),
                            ("shown", "model verdicts shown"),
                            ("submitted", "review submitted"),
                            ("revised", "review changed"),
                            ("withdrawn", "review withdrawn by a lead"),
                            ("finished", "closed without a review"),
                            ("settled", "item settled"),
                            ("disputed", "item in dispute"),
                            ("discarded", "item discarded"),
                            ("bad_problem", "bad problem reported"),
                            ("reopened", "item reopened"),
                            ("decided", "dispute decided"),
                            ("signed", "decision signed"),
                            ("gold", "gold item changed"),
                            ("screened", "screening passed or failed"),
                            ("paused", "annotator paused"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("details", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="annotations.item",
                    ),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="annotations.queue",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["queue", "id"], name="event_of_queue"),
                    models.Index(
                        condition=models.Q(("item__isnull", False)),
                        fields=["item", "id"],
                        name="event_of_item",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "shown")), fields=["queue"], name="event_shown"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueueMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("annotator", "annotator"),
                            ("reviewer", "reviewer"),
                            ("lead", "lead"),
                        ],
                        default="annotator",
                        max_length=16,
                    ),
                ),
                ("screened_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("pause_reason", models.TextField(blank=True)),
                ("place_priority", models.FloatField(blank=True, null=True)),
                ("place_item", models.BigIntegerField(blank=True, null=True)),
                ("answers", models.PositiveIntegerField(default=0)),
                (
                    "joined_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="annotations.queue",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="queue_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resumed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("queue", "user"), name="queue_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["viewer", "annotator", "reviewer", "lead"])
                        ),
                        name="queue_member_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("text", traces.fields.NulSafeTextField()),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="annotations.item",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "lease",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="annotations.lease",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="traces.verdict",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shard", models.PositiveSmallIntegerField()),
                ("items", models.IntegerField(default=0)),
                ("answers", models.IntegerField(default=0)),
                ("settled", models.IntegerField(default=0)),
                ("disputed", models.IntegerField(default=0)),
                ("discarded", models.IntegerField(default=0)),
                ("bad_problems", models.IntegerField(default=0)),
                (
                    "queue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="annotations.queue",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("queue", "shard"), name="tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="annotations.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "user"), name="draft_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.SmallIntegerField()),
                ("reason", traces.fields.NulSafeTextField(blank=True)),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="annotations.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "user"), name="decision_once")
                ],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, ANY_CHANGE),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
