package e2e_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// tour is what the README's tour has people type, block by block, and what it shows them.
type tour struct {
	setup, start, open, watch, move, kill, miss, live string
	output, excerpt                                   string
}

// tourBlock is a fenced block whose info string says "tour" and the block's name behind the language.
var tourBlock = regexp.MustCompile("(?ms)^```[a-z]+ tour ([a-z]+)\n(.*?\n)```$")

// tourInfo is where a block of the tour begins, however it goes on.
var tourInfo = regexp.MustCompile("(?m)^```.*tour.*$")

// readTour reads the tour from the README. A block that the test does not know fails it, as one that is missing does.
func readTour(t *testing.T) tour {
	t.Helper()
	text, err := os.ReadFile(root + "/README.md")
	require.NoError(t, err)
	blocks := map[string]string{}
	for _, m := range tourBlock.FindAllStringSubmatch(string(text), -1) {
		require.NotContains(t, blocks, m[1], "two blocks of one name")
		blocks[m[1]] = m[2]
	}
	require.Len(t, blocks, len(tourInfo.FindAll(text, -1)), "a block of the tour is not written as the test expects")
	take := func(name string) string {
		t.Helper()
		require.NotEmpty(t, blocks[name], "the README has no block %q", "tour "+name)
		block := blocks[name]
		delete(blocks, name)
		return block
	}
	found := tour{take("setup"), take("start"), take("open"), take("watch"), take("move"), take("kill"), take("miss"),
		take("live"), take("output"), take("excerpt")}
	require.Empty(t, blocks, "blocks that the test does not execute")
	return found
}
