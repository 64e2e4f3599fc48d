"""The Streamlit front end: `streamlit run app.py`. The pages live in search/ui/pages."""

import streamlit as st
from starlette.middleware import Middleware

from search.ui import address, boundary
from search.ui.components.common.header import catalogue_missing
from search.ui.web import headers, sessions, turns, uploads

MARK = "search/ui/mark.svg"
PAGES = (
    ("search", "Search", "image_search", "A photograph in, the most similar products out."),
    ("catalogue", "Catalogue", "inventory_2", "Browse, edit, withdraw, change photographs."),
    ("add", "Add", "add_photo_alternate", "Add photographs, or import a table with photographs."),
    ("revisions", "Revisions", "history", "Who changed what; undo, or go back."),
    ("audit", "Price audit", "price_check", "Expensive products with a much cheaper look-alike."),
    ("health", "Health", "health_metrics", "What to put right in the catalogue."),
    ("map", "Map", "map", "The whole catalogue at a glance."),
)


def visit() -> None:
    """Run the page that a visitor is on."""
    st.set_page_config(page_title="Visual product search", page_icon=MARK, layout="wide")
    st.logo(MARK)
    page = st.navigation(
        [
            st.Page(
                f"search/ui/pages/{name}.py",
                title=title,
                icon=f":material/{icon}:",
                help=help_text,
                default=name == "search",
            )
            for name, title, icon, help_text in PAGES
        ],
        position="top",
    )
    address.enter(page.title)
    uploads.enter(page.title, large=page.title == "Add")
    with turns.turn(), boundary.in_words():
        if not catalogue_missing():
            if page.url_path:  # the Search page follows the whole of its links
                address.follow_catalogue()
            page.run()


if __name__ == "__main__":  # Streamlit runs this file for each visitor
    visit()
else:  # and takes the server from it, once
    app = st.App(
        __file__,
        middleware=[Middleware(headers.Headers), Middleware(uploads.Uploads)],
        lifespan=sessions.lifespan,
    )
