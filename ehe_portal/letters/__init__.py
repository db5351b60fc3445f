"""typeset letters: their wording in versions; made, posted and kept as they were sent"""
