"""The least that a service could do: a FastAPI endpoint that inserts one row into PostgreSQL.

`python bare_endpoint.py PORT DATABASE_URL`.
"""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, insert

_PORT, _URL = sys.argv[1:]
engine = create_engine(_URL, pool_size=10, max_overflow=20)
tables = MetaData()
requests = Table("requests", tables, Column("id", Integer, primary_key=True), Column("body", JSON))
app = FastAPI()


@app.post("/requests", status_code=202)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Keep the body; answer with its number."""
    with engine.begin() as connection:
        (number,) = connection.execute(
            insert(requests).values(body=body).returning(requests.c.id)
        ).one()
    return {"id": number}


tables.create_all(engine)
uvicorn.run(app, host="127.0.0.1", port=int(_PORT), log_level="warning")
