"""In place of a page that is not the visitor's: says so, and leads back."""

from __future__ import annotations

import streamlit as st

from search.ui import roles
from search.ui.components.common import tiles
from search.ui.components.common.header import header

if roles.is_shop():
    header("This page is not for shoppers", "It belongs to those who keep the catalogue.")
else:
    header("This page is not yours to open", "Sign in as somebody who keeps the catalogue.")
st.page_link(tiles.SEARCH_PAGE, label="Search", icon=":material/image_search:")
