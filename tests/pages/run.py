"""Opens every page in headless Chromium: in both languages, light and dark, wide, narrow and printed."""

import base64
import io
import json
import pathlib
import sys
import tempfile
import unicodedata

import axe_playwright_python
import pypdf
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

import scenes

SHOTS = scenes.ROOT / "target/pages"
AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AUDIT = {"ja": ["条項"], "en": ["Clauses"]}
HEAD = {"ja": ["データと停止", "今も正しいか", "作成と承認"], "en": ["Data and outage", "Still true", "Who"]}

passed, failed = 0, 0


def check(name, wrong):
    """One line per check. `wrong` says what is wrong; nothing is well."""
    global passed, failed
    if wrong:
        failed += 1
        print(f"FAIL {name}: {wrong}")
    else:
        passed += 1
        print(f"ok   {name}")


def browser():
    options = Options()
    for switch in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                   "--disable-background-networking", "--disable-component-update", "--no-first-run"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    # Half a minute by default, which the contrast of a long audit takes on a slow machine. This one is for hangs.
    driver.set_script_timeout(600)
    return driver


def size(driver, width, height):
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})


def scheme(driver, name):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})


def requests(driver):
    """The addresses that the page asked for."""
    found = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            found.append(message["params"]["request"]["url"])
    return found


def violations(driver):
    script = "const done = arguments[1]; axe.run({runOnly: {type: 'tag', values: arguments[0]}, resultTypes: ['violations']}).then(done, e => done(String(e)))"
    answer = driver.execute_async_script(script, LEVELS)
    if isinstance(answer, str) or not answer["passes"]:
        return f"axe did not run: {answer}"
    return "; ".join(f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in answer["violations"])


def printed(driver):
    """The page on A4, as a file and as the text of each sheet. A busy machine's browser may print before it has drawn: an empty sheet."""
    for _ in range(3):
        WebDriverWait(driver, 120).until(lambda one: one.execute_async_script(
            "const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(() => done(document.body.innerText.length > 0)))"))
        answer = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        pdf = base64.b64decode(answer["data"])
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        sheets = [squeezed(page.extract_text()) for page in reader.pages]
        if any(sheets):
            break
    return pdf, reader, sheets


def squeezed(text):
    """Blanks and line breaks of a printed page are not those of the text, and a letter may come back as its look-alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def one(driver, name, lang, file, seen):
    label = f"{name} {lang}"
    driver.get_log("browser"), driver.get_log("performance")
    size(driver, 1280, 900)
    scheme(driver, "light")
    driver.get(file.as_uri())
    asked = [url for url in requests(driver) if not url.startswith(("file://", "data:"))]
    check(f"{label}: nothing is fetched", ", ".join(asked))
    said = [entry["message"] for entry in driver.get_log("browser")]
    check(f"{label}: the console is silent", "; ".join(said))
    check(f"{label}: the language is declared", "" if driver.execute_script("return document.documentElement.lang") == lang else "it is not")
    check(f"{label}: no value became markup", driver.execute_script(
        "const bad = [...document.querySelectorAll('script,img,iframe,object,embed,form,base,link,[style]')];"
        "const handlers = [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on')));"
        "const away = [...document.querySelectorAll('a')].filter(a => !a.getAttribute('href').startsWith('#'));"
        "const title = document.title.includes('owned') && !document.title.includes('<') ? 'the title was changed' : '';"
        "return [...bad, ...handlers, ...away].map(e => e.outerHTML.slice(0, 120)).join('; ') + title"))
    check(f"{label}: every link leads somewhere", driver.execute_script(
        "return [...document.querySelectorAll('a')].map(a => a.getAttribute('href')).filter(h => !document.getElementById(h.slice(1))).join(', ')"))
    check(f"{label}: the style sheet is accepted", driver.execute_script(
        "return getComputedStyle(document.body).maxWidth === 'none' ? 'the policy refuses it' : ''"))
    driver.save_screenshot(str(SHOTS / f"{name}-{lang}.png"))

    driver.execute_script("document.querySelectorAll('details').forEach(d => { d.dataset.was = d.open; d.open = true })")
    driver.execute_script(AXE)
    for theme in ("light", "dark"):
        scheme(driver, theme)
        check(f"{label}: WCAG 2.2 AA, {theme}", violations(driver))
    size(driver, 360, 740)
    check(f"{label}: WCAG 2.2 AA, 360 px", violations(driver))
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    check(f"{label}: fits into 360 px", "" if wide <= 360 else f"it is {wide} px wide")
    # Folded again by hand: a picture taken just after a reload waits for a page that is gone, for minutes.
    driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = d.dataset.was === 'true'); scrollTo(0, 0)")
    driver.save_screenshot(str(SHOTS / f"{name}-{lang}-narrow-dark.png"))

    size(driver, 1280, 900)
    scheme(driver, "light")
    driver.get("about:blank")
    driver.get(file.as_uri())
    pdf, reader, sheets = printed(driver)
    (SHOTS / f"{name}-{lang}.pdf").write_bytes(pdf)
    whole = "".join(sheets)
    wanted = (AUDIT if "audit" in name else HEAD)[lang] + [seen, "JST"]
    check(f"{label}: the print holds the head and what is folded",
          ", ".join(word for word in wanted if squeezed(word) not in whole))
    short = driver.execute_script("return document.title").split("·")[0].strip()
    bare = [str(number) for number, sheet in enumerate(sheets, 1) if f"{number}/{len(sheets)}" not in sheet]
    check(f"{label}: every printed page has its number", ", ".join(bare))
    box = reader.pages[0].mediabox
    check(f"{label}: the paper is A4", "" if (round(box.width), round(box.height)) == (595, 842) else str(box))
    if name != "hostile":
        missing = [number for number, sheet in enumerate(sheets, 1) if squeezed(short) not in sheet]
        check(f"{label}: every printed page names the plan", str(missing) if missing else "")
    tagged = "/StructTreeRoot" in reader.trailer["/Root"]
    check(f"{label}: the print can be read aloud", "" if tagged else "it has no structure")


def main():
    if not scenes.TOKAIDO.exists():
        sys.exit(f"pages: {scenes.TOKAIDO} is not built; `cargo build --no-default-features --features policy,watch --target-dir target/engine`")
    SHOTS.mkdir(parents=True, exist_ok=True)
    driver = browser()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, pages, seen in scenes.scenes(pathlib.Path(folder)):
                for lang, html in pages.items():
                    file = SHOTS / f"{name}-{lang}.html"
                    file.write_text(html, encoding="utf-8")
                    one(driver, name, lang, file, seen)
    finally:
        driver.quit()
    print(f"pages: {passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
