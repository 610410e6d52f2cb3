"""What every page shows and no view should have to hand on."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def site_version() -> str:
    """The site's version, the same as the API's."""
    return str(settings.SPECTACULAR_SETTINGS["VERSION"])


@register.inclusion_tag("demo.html")
def demo_banner() -> dict[str, bool]:
    """On every page of a demonstration, that its people are invented; nothing elsewhere."""
    return {"demo": settings.DEMO}
