"""The help centre's pages: made here whole, without script, for people and for search engines."""
