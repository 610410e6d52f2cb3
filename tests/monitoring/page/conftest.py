"""Who looks at the pages."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def staff(db: None, static_files: object) -> Client:
    """Signed in."""
    client = Client(headers={"Accept": "text/html"})
    client.force_login(User.objects.create_user("watcher", is_staff=True))
    return client
