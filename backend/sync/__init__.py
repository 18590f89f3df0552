"""Sync: how devices hand in what was done and are told what changed, and what then needs a person."""

from backend.house import Room
from backend.sync.closing import CloseCase
from backend.sync.pages import attention, posts
from backend.sync.pokes import pokes
from backend.sync.receiving import sync

room = Room(name="sync", commands=[CloseCase], pages=[attention], posts=posts, routes=[sync, pokes])
