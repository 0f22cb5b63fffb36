//! The cache of what the province knows: workers, filings, institution, catalogues, with their age.
