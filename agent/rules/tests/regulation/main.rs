//! The rules from outside: every paragraph and refusal, the money, the format, and what holds whatever the input.

#[cfg(test)]
mod any_input;
#[cfg(test)]
mod arithmetic;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod care;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod filing;
#[cfg(test)]
mod format;
#[cfg(test)]
mod general;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod knobs;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quotations;
#[cfg(test)]
mod refund;
#[cfg(test)]
mod said;
#[cfg(test)]
mod split;
#[cfg(test)]
mod telling;
