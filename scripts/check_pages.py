#!/usr/bin/env python3
"""Check report pages with a browser and a parser that are not ours.

Each file is parsed strictly (html5lib) and opened in headless Chromium, light and dark and narrow,
where axe-core looks for what keeps people out (WCAG 2.2 A and AA, and its best practices). A
page must not write to the console, load anything, or be wider than its window. Findings make the
exit status 1.
"""
import argparse
import importlib.util
import pathlib
import sys

import html5lib
from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

_VIEWS = [("light", 1200), ("dark", 1200), ("light", 400), ("dark", 400)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    parser.add_argument("--driver", default="/usr/bin/chromedriver")
    arguments = parser.parse_args()
    findings = [found for page in arguments.pages for found in parse_errors(page)]
    browser = open_browser(arguments.driver)
    try:
        for page in arguments.pages:
            for scheme, width in _VIEWS:
                findings += look_at(browser, page, scheme, width)
    finally:
        browser.quit()
    for finding in findings:
        print(finding)
    print(f"pages: {len(arguments.pages)} pages in {len(_VIEWS)} views, {len(findings)} findings")
    return 1 if findings else 0


def axe_script():
    """The axe-core of another package: that of axe-selenium-python is of 2018, before WCAG 2.2."""
    package = importlib.util.find_spec("axe_playwright_python")
    return pathlib.Path(package.origin).with_name("axe.min.js")


def parse_errors(page):
    """What a strict parser says of the file."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page.read_text(encoding="utf-8"))
    return [f"{page.name}: line {line}: {code}" for (line, _), code, _ in parser.errors]


def open_browser(driver):
    options = webdriver.ChromeOptions()
    for option in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


def look_at(browser, page, scheme, width):
    """What is wrong with a page in one view."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    browser.get(page.resolve().as_uri())
    where = f"{page.name}, {scheme}, {width} px"
    findings = [f"{where}: console: {line['message']}" for line in browser.get_log("browser")]
    loaded = browser.execute_script("return performance.getEntriesByType('resource').length")
    if loaded:
        findings.append(f"{where}: loads {loaded} other files")
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    if wide > width:
        findings.append(f"{where}: the page is {wide} px wide")
    for details in browser.find_elements("css selector", "details"):
        browser.execute_script("arguments[0].open = true", details)
    axe = Axe(browser, script_url=str(axe_script()))
    axe.inject()
    result = axe.run()
    if not result["passes"]:
        findings.append(f"{where}: axe-core checked nothing")
    for violation in result["violations"]:
        for node in violation["nodes"]:
            findings.append(f"{where}: {violation['id']}: {violation['help']}: {node['html'][:160]}")
    return findings


if __name__ == "__main__":
    sys.exit(main())
