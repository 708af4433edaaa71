// SPDX-License-Identifier: Apache-2.0

// Checks a published log with code that knows nothing of Headroom: Go's sumdb/note opens the
// checkpoint, sumdb/tlog checks each entry and the growth since an earlier checkpoint. What is
// written here only finds files and takes texts apart, by docs/reference/published-log.md.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height   = 8
	fullTile = 1 << height
)

func main() {
	folder := flag.String("folder", "", "the published folder")
	key := flag.String("key", "", "the log's verifier key")
	old := flag.String("old", "", "a file with an earlier checkpoint")
	growth := flag.String("growth", "", "a proof of 'headroom prove consistency' from -old to now")
	inclusion := flag.String("inclusion", "", "a proof of 'headroom prove inclusion'")
	flag.Parse()
	if err := run(*folder, *key, *old, *growth, *inclusion); err != nil {
		fmt.Fprintln(os.Stderr, "verify.go:", err)
		os.Exit(1)
	}
}

func run(folder, key, old, growth, inclusion string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	head, err := openFile(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(head.tree, tiles{folder})
	if err := checkEntries(folder, head.tree, hashes); err != nil {
		return err
	}
	fmt.Printf("verify.go: %d entries are in the tree that %s signed\n", head.tree.N, head.origin)
	if old == "" {
		return nil
	}
	earlier, err := openFile(old, verifier)
	if err != nil {
		return err
	}
	if earlier.origin != head.origin {
		return fmt.Errorf("the log was %q and is %q", earlier.origin, head.origin)
	}
	proof, err := tlog.ProveTree(head.tree.N, earlier.tree.N, hashes)
	if err != nil {
		return err
	}
	if err := checkTree(proof, head.tree, earlier.tree); err != nil {
		return err
	}
	fmt.Printf("verify.go: the log of %d entries is its beginning\n", earlier.tree.N)
	if err := checkGrowth(growth, verifier, earlier.tree); err != nil {
		return err
	}
	return checkInclusion(inclusion, verifier)
}

// A head is what a checkpoint says.
type head struct {
	origin string
	tree   tlog.Tree
}

func openFile(path string, verifier note.Verifier) (head, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return head{}, err
	}
	return open(text, verifier)
}

// Opens a C2SP checkpoint: origin, size and root, one a line, under a signature.
func open(text []byte, verifier note.Verifier) (head, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return head{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return head{}, fmt.Errorf("a checkpoint of %d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := hash(lines[2])
	return head{lines[0], tlog.Tree{N: size, Hash: root}}, err
}

func hash(text string) (tlog.Hash, error) {
	var found tlog.Hash
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err == nil && copy(found[:], decoded) != len(decoded) || len(decoded) != len(found) {
		err = fmt.Errorf("%q is no hash", text)
	}
	return found, err
}

// Checks that each bundle's entries are in the tree, where they stand.
func checkEntries(folder string, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += fullTile {
		width := tree.N - first
		if width > fullTile {
			width = fullTile
		}
		path := filepath.Join(folder, "tile", "entries", place(first/fullTile, int(width)))
		bundle, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for index := first; index < first+width; index++ {
			if len(bundle) < 2 {
				return fmt.Errorf("%s ends before entry %d", path, index)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length || length < 16 {
				return fmt.Errorf("%s ends in entry %d", path, index)
			}
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			if number := binary.LittleEndian.Uint64(entry[8:]); number != uint64(index) {
				return fmt.Errorf("%s: entry %d says that it is %d", path, index, number)
			}
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return err
			}
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
			if err != nil {
				return fmt.Errorf("%s: entry %d: %w", path, index, err)
			}
		}
		if len(bundle) > 0 {
			return fmt.Errorf("%s goes on behind its last entry", path)
		}
	}
	return nil
}

// Where a tile lies in the folder of its level.
func place(index int64, width int) string {
	text := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		text = fmt.Sprintf("x%03d/%s", index%1000, text)
	}
	if width < fullTile {
		text += fmt.Sprintf(".p/%d", width)
	}
	return text
}

// Tiles are read from a published folder; tlog checks them.
type tiles struct{ folder string }

func (tiles) Height() int { return height }

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (source tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		level := strconv.Itoa(tile.L)
		text, err := os.ReadFile(
			filepath.Join(source.folder, "tile", level, place(tile.N, tile.W)))
		if err != nil {
			return nil, err
		}
		found = append(found, text)
	}
	return found, nil
}

func checkTree(proof tlog.TreeProof, now, then tlog.Tree) error {
	return tlog.CheckTree(proof, now.N, now.Hash, then.N, then.Hash)
}

// Takes apart the lines of a proof: a first part, a hash a line, a blank line, a checkpoint.
func parts(path string) (first []string, hashes []tlog.Hash, checkpoint []byte, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, nil, err
	}
	before, checkpoint, ok := bytes.Cut(text, []byte("\n\n"))
	if !ok {
		return nil, nil, nil, fmt.Errorf("%s has no blank line", path)
	}
	for _, line := range strings.Split(string(before), "\n") {
		if strings.Contains(line, " ") || strings.Contains(line, "@") {
			first = append(first, line)
			continue
		}
		found, err := hash(line)
		if err != nil {
			return nil, nil, nil, err
		}
		hashes = append(hashes, found)
	}
	return first, hashes, checkpoint, nil
}

func checkGrowth(path string, verifier note.Verifier, earlier tlog.Tree) error {
	if path == "" {
		return nil
	}
	first, proof, checkpoint, err := parts(path)
	if err != nil {
		return err
	}
	now, err := open(checkpoint, verifier)
	if err != nil {
		return err
	}
	if len(first) != 1 || first[0] != fmt.Sprintf("old %d", earlier.N) {
		return fmt.Errorf("%s begins with %q", path, first)
	}
	if err := checkTree(proof, now.tree, earlier); err != nil {
		return err
	}
	fmt.Println("verify.go: Headroom's proof of growth is one")
	return nil
}

func checkInclusion(path string, verifier note.Verifier) error {
	if path == "" {
		return nil
	}
	first, proof, checkpoint, err := parts(path)
	if err != nil {
		return err
	}
	now, err := open(checkpoint, verifier)
	if err != nil {
		return err
	}
	if len(first) != 3 || first[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("%s begins with %q", path, first)
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(first[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(first[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	err = tlog.CheckRecord(proof, now.tree.N, now.tree.Hash, index, tlog.RecordHash(entry))
	if err != nil {
		return err
	}
	fmt.Println("verify.go: Headroom's proof of inclusion is one")
	return nil
}
