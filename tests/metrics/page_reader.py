"""Reading a page's numbers as a reader does: by the words on it."""

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from traces.models import Generator, Judge


def read(client: Client, path: str, status: int = 200, **query: str) -> BeautifulSoup:
    response = client.get(path, query)
    assert response.status_code == status, response.content[:500]
    return BeautifulSoup(response.content, "html.parser")


def words(tag: Tag, selector: str) -> list[str]:
    return [" ".join(cell.get_text().split()) for cell in tag.select(selector)]


def table_rows(page: Tag, selector: str) -> list[list[str]]:
    return [words(row, "th, td") for row in page.select(f"{selector} tbody tr")]


def judge_page(client: Client, judge: Judge, **query: str) -> Tag:
    return read(client, reverse("metrics:judge-detail", args=[judge.pk]), **query)


def generator_page(client: Client, name: str, **query: str) -> Tag:
    generator = Generator.objects.get(name=name)
    return read(client, reverse("metrics:generator-detail", args=[generator.pk]), **query)
