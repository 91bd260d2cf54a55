package demo

import (
	"embed"
	"strconv"
	"strings"
)

//go:embed data/*.txt
var data embed.FS

// lines reads a file of the program's own, without remarks, each line cut at its bars.
func lines(name string) (out [][]string) {
	b, err := data.ReadFile("data/" + name + ".txt")
	if err != nil {
		panic(err) // it is embedded above
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, "|")
		for i, p := range parts {
			parts[i] = strings.ReplaceAll(strings.TrimSpace(p), `\n`, "\n")
		}
		out = append(out, parts)
	}
	return out
}

func column(name string) (out []string) {
	for _, l := range lines(name) {
		out = append(out, l[0])
	}
	return out
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err) // a mistake in an embedded file
	}
	return n
}

// numbers reads two numbers with a blank between.
func numbers(s string) (low, high int) {
	a, b, _ := strings.Cut(s, " ")
	return number(a), number(b)
}

var (
	companies = column("companies")
	jobTitles = column("jobs")
	cities    = column("cities")
	subjects  = [][][]string{sales: lines("deals"), support: lines("tickets"), recruitment: lines("openings")}
	notes     = lines("notes")
	chores    = lines("chores")
	ownChores = lines("own-chores")
)

// notesOf are the descriptions that fit a pipeline.
func notesOf(pipeline int) (out []string) {
	names := []string{sales: "sales", support: "support", recruitment: "recruitment"}
	for _, n := range notes {
		if n[0] == names[pipeline] {
			out = append(out, n[1])
		}
	}
	return out
}
