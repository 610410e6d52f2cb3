"""A staff user's token, for what only staff may read."""

from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token


def staff_token() -> str:
    """Of a new user in this process's database."""
    user = get_user_model().objects.create_superuser("bench", password=None)
    return str(Token.objects.create(user=user).key)
