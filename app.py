"""The Streamlit front end: `streamlit run app.py`. The pages live in search/ui/pages."""

import streamlit as st

from search.ui.components.header import catalogue_missing

PAGES = "search/ui/pages"

MARK = "search/ui/mark.svg"

st.set_page_config(page_title="Visual product search", page_icon=MARK, layout="wide")

page = st.navigation(
    [
        st.Page(
            f"{PAGES}/search.py",
            title="Search",
            icon=":material/image_search:",
            help="A photograph in, the most similar products out.",
            default=True,
        ),
    ],
    position="top",
)
if not catalogue_missing():
    page.run()
