"""The public evidence log, for everybody and for others' tools. Source: C2SP tlog-tiles."""

from django.urls import URLPattern, URLResolver, path, register_converter

from mypost.entrypoints.public_log import log
from mypost.entrypoints.public_log.paths import TileIndex, TileLevel, TileWidth

register_converter(TileIndex, "tile_index")
register_converter(TileLevel, "tile_level")
register_converter(TileWidth, "tile_width")

app_name = "public_log"
urlpatterns: list[URLPattern | URLResolver] = [
    path("checkpoint", log.checkpoint, name="checkpoint"),
    path("vkey", log.verifier_key, name="verifier_key"),
    path("tile/entries/<tile_index:index>", log.entries, name="entries"),
    path("tile/entries/<tile_index:index>.p/<tile_width:width>", log.entries, name="entries"),
    path("tile/<tile_level:level>/<tile_index:index>", log.tile, name="tile"),
    path("tile/<tile_level:level>/<tile_index:index>.p/<tile_width:width>", log.tile, name="tile"),
]
