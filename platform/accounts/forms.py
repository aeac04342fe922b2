from django import forms

from accounts.models import ApiToken, User


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "role"]
        help_texts = {"username": ""}


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ["name"]
        help_texts = {"name": "What the token is for, such as the machine that uses it."}


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["role", "is_active"]
        labels = {"is_active": "Active account"}
        help_texts = {"is_active": ""}
