"""The Streamlit front end: `streamlit run app.py`. The pages live in search/ui/pages."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from search.api.application import ROOT, create_api
from search.ui import address, boundary, roles
from search.ui.components.common.header import catalogue_missing
from search.ui.web import front, headers, sessions, signing, turns, uploads

MARK = "search/ui/mark.svg"


def visit() -> None:
    """Run the page that a visitor is on."""
    st.set_page_config(page_icon=MARK, layout="wide")
    st.logo(MARK)
    mine = roles.pages()
    page = st.navigation(
        [
            st.Page(
                f"search/ui/pages/{each.name if each in mine else 'closed'}.py",
                title=each.title,
                icon=f":material/{each.icon}:",
                help=each.about,
                url_path=each.name,
                default=each.name == "search",
                visibility="visible" if each in mine else "hidden",
            )
            for each in roles.PAGES
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
        routes=[Mount(ROOT, create_api()), signing.route()],
        middleware=[
            Middleware(headers.Headers),
            Middleware(front.Front),
            Middleware(uploads.Uploads),
        ],
        lifespan=sessions.lifespan,
    )
