"""What the pages share: everything here knows Streamlit, nothing here is a page."""
