from django import forms

from accounts.models import User


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "role"]
        help_texts = {"username": ""}


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["role", "is_active"]
        labels = {"is_active": "May log in"}
        help_texts = {"is_active": ""}
