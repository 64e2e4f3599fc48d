"""A catalogue's index in Milvus, the vector database, on another machine or in a folder of this.

For readers, who need nothing but the address (`open_published`):

    published = open_published("milvus://host:19530/shop")
    published.name, published.fingerprint, published.revision, published.settings
    published.index.search(vector, k, where)       # an `Index`
    published.product("P01"), published.photos_of("P01"), published.feature("P01")
    published.records([photo_id, ...])              # what was found, with its photograph
    published.variants(["P01", ...], where), published.count(where), published.facets()
    published = published.newest()                  # itself, while nothing newer is published

The catalogue's publishing side is `search.engine.publishing`. pymilvus is needed only here.
"""

from search.engine.milvus.address import Address, is_address
from search.engine.milvus.index import MilvusIndex
from search.engine.milvus.published import Published, open_published

__all__ = ["Address", "MilvusIndex", "Published", "is_address", "open_published"]
