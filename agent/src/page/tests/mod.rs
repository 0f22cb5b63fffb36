//! The page as a browser meets it: over HTTP, on a real counter with a simulated province behind it.

mod door;
mod screens;
mod window;
