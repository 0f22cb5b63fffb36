//! Every quotation of the rules stands word for word in the article it cites.

use rules::{Article, RULES};

const NATIONAL: &str = include_str!("../regulation-text/national-2025-17-with-fujian-2025-33.txt");
const HUNAN: &str = include_str!("../regulation-text/hunan-2025-24.txt");

/// One article of a procedure, from its line to the next article's.
fn article(text: &'static str, named: &str) -> &'static str {
    let number = &named[named.find('第').unwrap()..=named.find('条').unwrap() + 2];
    let from = text
        .match_indices(&format!("\n{number}"))
        .map(|(at, found)| (at, at + found.len()))
        .next()
        .unwrap_or_else(|| panic!("{named}"));
    let rest = &text[from.1..];
    let end = rest
        .match_indices("\n第")
        .find(|(at, _)| rest[*at..].lines().nth(1).is_some_and(begins_an_article))
        .map_or(rest.len(), |(at, _)| at);
    &text[from.0..from.1 + end]
}

fn begins_an_article(line: &str) -> bool {
    line.chars().take(7).any(|character| character == '条')
}

fn cited(cited: Article) -> &'static str {
    let named = cited.in_chinese().unwrap();
    match cited {
        Article::National(..) => article(NATIONAL, &named),
        Article::Hunan(..) => article(HUNAN, &named),
        Article::Notice(..)
        | Article::Annex1
        | Article::Annex2
        | Article::Annex10(_)
        | Article::Interpretation(_) => NATIONAL,
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn every_quotation_stands_in_its_article() {
    let mut missing = Vec::new();
    for rule in RULES {
        for (article, quote) in rule.quotes {
            if !bare(cited(*article)).contains(&bare(quote)) {
                missing.push(format!("{} {article} {quote}", rule.id));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn an_article_ends_where_the_next_begins() {
    assert!(article(HUNAN, "第十二条").contains("完成工伤认定后"));
    assert!(!article(HUNAN, "第十二条").contains("有效期为3个月"));
    assert!(!article(NATIONAL, "第十三条").contains("5 个工作日"));
}
