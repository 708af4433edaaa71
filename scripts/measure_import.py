#!/usr/bin/env python3
"""Import large generated files and compare how much memory that takes.

For each format it makes a ledger, imports a file of --bytes and one a quarter of that, and samples
the memory that the program has allocated (RssAnon: what is mapped of the ledger's files is the
system's to keep or drop). The large file may take --slack more than the small one. Findings make
the exit status 1.

Nine orders in ten go to a country of concern and are refused; every tenth is granted and expires a
minute of ledger time later. So the number of open holds, which a ledger keeps in memory, does not
grow with the file.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

_FORMATS = ("csv", "ndjson")
_START = 1_740_000_000


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headroom", help="the program")
    parser.add_argument("--bytes", type=int, default=1 << 30, help="the size of the large file")
    parser.add_argument("--slack", type=int, default=192 << 20, help="how much more is allowed")
    arguments = parser.parse_args()
    findings = 0
    for name in _FORMATS:
        small = measure(arguments.headroom, name, arguments.bytes // 4)
        large = measure(arguments.headroom, name, arguments.bytes)
        if large > small + arguments.slack:
            print(f"measure_import: {name}: {large - small:,} bytes more for the large file")
            findings += 1
    sys.exit(1 if findings else 0)


def measure(headroom, name, size):
    """The most memory that the import of a file took, in bytes."""
    with tempfile.TemporaryDirectory(prefix="headroom-import.") as folder:
        root = pathlib.Path(folder)
        ledger = root / "ledger"
        run(headroom, "init", "--ledger", ledger, "--rulebook", "diffusion-2025-brief",
            "--at", "2025-01-13")
        run(headroom, "party", "register", "--ledger", ledger, "--party", "P", "--name", "Party",
            "--site", "JP", "--headquarters", "JP", "--id", "party", "--at", "2025-01-14")
        orders = root / f"orders.{name}"
        count = write_orders(orders, name, size)
        began = time.monotonic()
        with open(root / "summary", "wb") as summary:
            process = subprocess.Popen(
                [headroom, "import", str(orders), "--ledger", str(ledger)], stdout=summary)
            peak = watch(process)
        seconds = time.monotonic() - began
        if process.returncode != 1:
            sys.exit(f"measure_import: the import ended with status {process.returncode}")
        print(f"{name}: {size:,} bytes, {count:,} orders in {seconds:.1f} s, "
              f"at most {peak / (1 << 20):.0f} MiB", flush=True)
        return peak


def run(*arguments):
    subprocess.run([str(argument) for argument in arguments], check=True,
                   stdout=subprocess.DEVNULL)


def watch(process):
    """Waits for a process and samples what it has allocated; the most, in bytes."""
    peak = 0
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("RssAnon:"):
                peak = max(peak, int(line.split()[1]) * 1024)
        time.sleep(0.02)
    return peak


def write_orders(path, name, size):
    """Writes a file of orders of about a size; returns how many."""
    written = number = 0
    with open(path, "w", encoding="ascii") as file:
        if name == "csv":
            written += file.write("id,time,consignee,destination,device,quantity,end_use,deadline\n")
        while written < size:
            lines = []
            stamp = instant(_START + number // 1_000)
            deadline = instant(_START + number // 1_000 + 60)
            for number in range(number, number + 1_000):
                granted = number % 10 == 0
                lines.append(line(name, number, stamp, granted, deadline if granted else ""))
            number += 1
            written += file.write("".join(lines))
    return number


def line(name, number, stamp, granted, deadline):
    country = "JP" if granted else "CN"
    if name == "csv":
        return f"O{number},{stamp},P,{country},H100 SXM5,8,commercial,{deadline}\n"
    end = f',"deadline":"{deadline}"' if deadline else ""
    return (f'{{"id":"O{number}","time":"{stamp}","consignee":"P","destination":"{country}",'
            f'"lines":[{{"device":"H100 SXM5","quantity":8}}],"end_use":"commercial"{end}}}\n')


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


if __name__ == "__main__":
    main()
