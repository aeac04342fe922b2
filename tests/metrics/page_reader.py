"""Reading a page's numbers as a reader does: by the words on it."""

from bs4 import BeautifulSoup, Tag
from django.test import Client


def read(client: Client, path: str, **query: str) -> BeautifulSoup:
    response = client.get(path, query)
    assert response.status_code == 200, response.content[:500]
    return BeautifulSoup(response.content, "html.parser")


def words(tag: Tag, selector: str) -> list[str]:
    return [" ".join(cell.get_text().split()) for cell in tag.select(selector)]


def table_rows(page: Tag, selector: str) -> list[list[str]]:
    return [words(row, "th, td") for row in page.select(f"{selector} tbody tr")]
