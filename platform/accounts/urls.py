from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import sign_on_views, token_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", sign_on_views.SiteLoginView.as_view(), name="login"),
    path("sign-on/", sign_on_views.sign_on, name="sign-on"),
    path("sign-on/return/", sign_on_views.sign_on_return, name="sign-on-return"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("login/<str:uid>/<str:token>/", views.login_link, name="login-link"),
    path("password/", views.password, name="password"),
    path("tokens/", token_views.token_list, name="token-list"),
    path("tokens/<int:pk>/revoke/", token_views.token_revoke, name="token-revoke"),
    path("people/", views.person_list, name="person-list"),
    path("people/<int:pk>/", views.person_detail, name="person-detail"),
    path("people/<int:pk>/link/", views.person_link, name="person-link"),
    path(
        "people/<int:pk>/forget-sign-on/",
        views.person_forget_sign_on,
        name="person-forget-sign-on",
    ),
]
