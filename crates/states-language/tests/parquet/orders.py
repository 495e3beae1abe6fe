#!/usr/bin/env python3
"""Writes orders.parquet, which the tests of the feature parquet read: columns of the kinds that data sets have, a
column that is not always there, lists, a structure and a map, in two row groups. Needs pyarrow."""
import datetime
import decimal
import pathlib

import pyarrow as arrow
import pyarrow.parquet as parquet

rows = [
    {"id": 1, "name": "Ä", "price": 9.5, "paid": True, "note": None, "tags": ["a", "b"], "at": {"zip": "01067", "n": 2}},
    {"id": 9007199254740993, "name": "", "price": -0.25, "paid": False, "note": "late", "tags": [], "at": {"zip": "x", "n": None}},
    {"id": -3, "name": "日本", "price": 1e100, "paid": True, "note": None, "tags": ["c"], "at": {"zip": None, "n": 0}},
]
dates = [datetime.date(2026, 9, 1), datetime.date(1969, 12, 31), datetime.date(2000, 2, 29)]
times = [datetime.datetime(2026, 9, 1, 12, 30, 15, 250_000), datetime.datetime(1970, 1, 1), datetime.datetime(2000, 2, 29, 23, 59, 59)]
table = arrow.table({
    **{name: [row[name] for row in rows] for name in rows[0]},
    "day": arrow.array(dates, arrow.date32()),
    "time": arrow.array(times, arrow.timestamp("ms")),
    "sum": arrow.array([decimal.Decimal(text) for text in ("12.30", "-0.05", "0.00")], arrow.decimal128(9, 2)),
    "raw": arrow.array([b"\x00\xff", b"", b"ok"], arrow.binary()),
    "count": arrow.array([[("k", 1)], [], [("l", 2), ("m", 3)]], arrow.map_(arrow.string(), arrow.int32())),
})
parquet.write_table(table, pathlib.Path(__file__).with_suffix(".parquet"), row_group_size=2, compression="snappy")
