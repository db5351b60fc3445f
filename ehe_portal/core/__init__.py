"""no domain: settings, work, transaction, db, web, outbox, vault, days, govuk"""
