"""What moves a search on, as callbacks: more like this, less like that, in one category only."""

from __future__ import annotations

from search.ui import state, telling


def like(product_id: str) -> None:
    """Ask for more like a product, or no longer."""
    _judge("liked", product_id)


def dislike(product_id: str) -> None:
    """Ask for less like a product, which leaves the answer, or no longer."""
    _judge("disliked", product_id)


def forget(product_id: str) -> None:
    """Take back what was said of a product."""
    now = state.settings()
    liked, disliked = (
        tuple(id for id in ids if id != product_id) for ids in (now.liked, now.disliked)
    )
    state.change(liked=liked, disliked=disliked)


def narrow(category: str) -> None:
    """Look in one category only."""
    state.change(categories=frozenset({category}))


def start_over() -> None:
    """Search for nothing, by no words either."""
    state.ask(None)
    state.change(words="")


def _judge(how: str, product_id: str) -> None:
    before: tuple[str, ...] = getattr(state.settings(), how)
    forget(product_id)
    if product_id not in before:
        state.change(**{how: (*before, product_id)})
        telling.chosen("like" if how == "liked" else "dislike", product_id)
