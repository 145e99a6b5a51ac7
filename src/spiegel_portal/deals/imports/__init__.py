"""Bringing in deals from a file: upload, understand, choose, apply, undo.

files → choices → plan → domain (what a person does) and applying, undoing (what a job does).
"""
