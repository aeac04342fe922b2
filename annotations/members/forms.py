"""The form that adds a queue's members."""

from django import forms

from annotations.models import QueueMember


class MemberForm(forms.ModelForm):
    """A member and their role."""

    class Meta:
        model = QueueMember
        fields = ["user", "role"]
        labels = {"user": "Person"}
