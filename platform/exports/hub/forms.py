"""The form that pushes an export to the Hugging Face Hub."""

from django import forms


class PushForm(forms.Form):
    """The repository on the Hugging Face Hub that an export is pushed to."""

    repository = forms.CharField(max_length=200, label="Dataset on the Hub")
    private = forms.BooleanField(required=False, initial=True, label="Private")
