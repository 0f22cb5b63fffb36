//! Cards, codes and readers.
