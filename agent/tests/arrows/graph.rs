//! The files of a package and which of them takes something from which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::source::{Import, Source};

/// A module's place in its package, from the root; empty for the root.
pub(crate) type Module = Vec<String>;

/// The modules of one package.
#[derive(Debug, Default)]
pub(crate) struct Package {
    modules: BTreeMap<Module, Written>,
}

#[derive(Debug)]
struct Written {
    source: Source,
    /// The module whose file it stands in.
    file: Module,
}

/// Arrows between files, each named by its module.
pub(crate) type Arrows = BTreeMap<Module, BTreeSet<Module>>;

impl Package {
    /// Reads a package from its root file on, following `mod`.
    pub(crate) fn read(root: &Path) -> Self {
        let folder = root.parent().expect("a file lies in a folder").to_owned();
        let mut package = Self::default();
        package.follow(root, &folder, &Module::new());
        package
    }

    fn follow(&mut self, file: &Path, folder: &Path, module: &Module) {
        let text = std::fs::read_to_string(file)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for child in self.add(module.clone(), &text) {
            let name = child.last().expect("a child has a name");
            let flat = folder.join(format!("{name}.rs"));
            let own = folder.join(name);
            let file = if flat.exists() {
                flat
            } else {
                own.join("mod.rs")
            };
            self.follow(&file, &own, &child);
        }
    }

    /// Adds a file's text; the modules whose text lies in files of their own.
    pub(crate) fn add(&mut self, module: Module, text: &str) -> Vec<Module> {
        let source = Source::read(text)
            .unwrap_or_else(|error| panic!("{} is no Rust: {error}", module.join("::")));
        let mut children = Vec::new();
        self.keep(module.clone(), module, source, &mut children);
        children
    }

    fn keep(
        &mut self,
        module: Module,
        file: Module,
        mut source: Source,
        children: &mut Vec<Module>,
    ) {
        let within = |name: &String| module.iter().chain([name]).cloned().collect::<Module>();
        children.extend(source.children.iter().map(within));
        for (name, block) in std::mem::take(&mut source.blocks) {
            self.keep(within(&name), file.clone(), block, children);
        }
        self.modules.insert(module, Written { source, file });
    }

    /// Which file takes something from which. A file that hands on what its children hold takes nothing from them.
    pub(crate) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (module, written) in &self.modules {
            let taken = arrows.entry(written.file.clone()).or_default();
            for target in self.taken_by(module, &written.source) {
                if target != written.file {
                    taken.insert(target);
                }
            }
        }
        arrows
    }

    fn taken_by(&self, module: &Module, source: &Source) -> BTreeSet<Module> {
        let mut taken = BTreeSet::new();
        for import in &source.imports {
            if import.handed_on && !source.words.contains(&import.name) {
                continue;
            }
            // A module that is brought in stands for what is then named in it.
            if let Some(Found::Item(file)) = self.find(module, &import.path, 0) {
                taken.insert(file);
            }
            if import.name == "*"
                && !import.handed_on
                && let Some(Found::Module(from)) = self.find(module, &import.path, 0)
            {
                taken.insert(self.file(&from));
            }
        }
        for path in &source.paths {
            match self.find(module, path, 0) {
                Some(Found::Item(file)) => {
                    taken.insert(file);
                }
                Some(Found::Module(_)) | None => {}
            }
        }
        taken
    }

    fn file(&self, module: &Module) -> Module {
        self.modules
            .get(module)
            .map_or_else(Module::new, |written| written.file.clone())
    }

    /// What a path means that is written in `module`; none where it leads out of the package.
    fn find(&self, module: &Module, path: &[String], depth: usize) -> Option<Found> {
        // A name that hands itself on is none of ours to follow for ever.
        if depth > MOST_HANDS {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Module::new(),
            "self" => module.clone(),
            "super" => parent(module),
            name => {
                let child = within(module, name);
                if self.modules.contains_key(&child) {
                    child
                } else {
                    let import = self.import(module, name)?;
                    return self.through(module, import, rest, depth);
                }
            }
        };
        for (index, name) in rest.iter().enumerate() {
            if name == "super" {
                at = parent(&at);
                continue;
            }
            let child = within(&at, name);
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let after = rest.get(index + 1..).unwrap_or_default();
            return self.member(&at, name, after, depth);
        }
        Some(Found::Module(at))
    }

    /// A name that is no module in the module `at`: handed on from elsewhere, or defined in it.
    fn member(&self, at: &Module, name: &str, after: &[String], depth: usize) -> Option<Found> {
        let here = Found::Item(self.file(at));
        let written = self.modules.get(at)?;
        if written.source.defines.contains(name) {
            return Some(here);
        }
        if let Some(import) = self.import(at, name) {
            return Some(self.through(at, import, after, depth).unwrap_or(here));
        }
        for import in written
            .source
            .imports
            .iter()
            .filter(|import| import.name == "*")
        {
            if let Some(Found::Module(from)) = self.find(at, &import.path, depth + 1)
                && let Some(source) = self.modules.get(&from)
                && source.source.defines.contains(name)
            {
                return Some(Found::Item(source.file.clone()));
            }
        }
        Some(here)
    }

    fn through(
        &self,
        at: &Module,
        import: &Import,
        rest: &[String],
        depth: usize,
    ) -> Option<Found> {
        let path: Vec<String> = import.path.iter().chain(rest).cloned().collect();
        self.find(at, &path, depth + 1)
    }

    fn import(&self, module: &Module, name: &str) -> Option<&Import> {
        let imports = &self.modules.get(module)?.source.imports;
        imports.iter().find(|import| {
            // `use jiff;` names itself.
            import.name == name && import.path.first().is_some_and(|first| first != name)
        })
    }
}

/// Through how many `use` a name is followed.
const MOST_HANDS: usize = 16;

#[derive(Debug)]
enum Found {
    /// Something that is defined in this file.
    Item(Module),
    /// A module.
    Module(Module),
}

fn within(module: &Module, name: &str) -> Module {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

fn parent(module: &Module) -> Module {
    module
        .split_last()
        .map_or_else(Module::new, |(_, parent)| parent.to_vec())
}

/// Every circle among the files, straight or round about: each the whole set of files that reach one another.
pub(crate) fn circles(arrows: &Arrows) -> Vec<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = arrows
        .keys()
        .map(|from| (from, reachable(arrows, from)))
        .collect();
    let mut circles: Vec<BTreeSet<Module>> = Vec::new();
    for (from, to) in &reached {
        let back = |other: &&Module| reached.get(other).is_some_and(|to| to.contains(from));
        let circle: BTreeSet<Module> = to.iter().copied().filter(back).cloned().collect();
        if !circle.is_empty() && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

fn reachable<'a>(arrows: &'a Arrows, from: &Module) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = arrows.get(from).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(arrows.get(next).into_iter().flatten());
        }
    }
    reached
}
