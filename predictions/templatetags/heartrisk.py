"""What every page shows and no view should have to hand on."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site_version() -> str:
    """The site's version, the same as the API's."""
    return str(settings.SPECTACULAR_SETTINGS["VERSION"])
