"""The paths of the pages for people."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from predictions.page.views import home

urlpatterns = [
    path("", home, name="home"),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    # Django's set_language: remembers the reader's choice in a cookie.
    path("i18n/", include("django.conf.urls.i18n")),
]
