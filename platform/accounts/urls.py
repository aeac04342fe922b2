from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from accounts import token_views, views

app_name = "accounts"
urlpatterns = [
    path("login/", LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("login/<str:uid>/<str:token>/", views.login_link, name="login-link"),
    path("password/", views.password, name="password"),
    path("tokens/", token_views.token_list, name="token-list"),
    path("tokens/<int:pk>/revoke/", token_views.token_revoke, name="token-revoke"),
    path("people/", views.person_list, name="person-list"),
    path("people/<int:pk>/", views.person_detail, name="person-detail"),
    path("people/<int:pk>/link/", views.person_link, name="person-link"),
]
