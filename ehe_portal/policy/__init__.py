"""an authority's own rules and the law's profiles, as dated data"""
