"""*My day* with nobody to draw it: the same questions asked of the database, and the same bytes written."""

import json
import os
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response

from tests.bench.bare_sweep import connect

QUESTIONS = "BENCH_QUESTIONS"


def keep(file: Path, asked: list[tuple[str, Any]]) -> None:
    """Write down the questions, as the driver was given them."""
    file.write_text(json.dumps(asked, default=str), encoding="utf-8")


def app(database_url: str, page: bytes) -> Flask:
    """Flask with one page: it asks what our page asks, takes every answer, and writes our page's bytes."""
    bare = Flask(__name__)
    asked = json.loads(Path(os.environ[QUESTIONS]).read_text(encoding="utf-8"))
    connection = connect(database_url)

    @bare.get("/")
    def show() -> Response:
        ask(connection, asked)
        return Response(page, mimetype="text/html")

    return bare


def ask(connection: psycopg.Connection, asked: list[tuple[str, Any]]) -> int:
    """Ask every question in one transaction; how many rows were answered."""
    rows = 0
    with connection.transaction(), connection.cursor() as cursor:
        for question, values in asked:
            cursor.execute(question.encode(), values)
            rows += len(cursor.fetchall())
    return rows
