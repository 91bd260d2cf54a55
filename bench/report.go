package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report is what a part found.
type report struct {
	lines []string
	// figure is what the part is about; goal says what it should be, if anything.
	figure, goal string
	met          bool
}

func (r *report) print(name, about string) {
	verdict := ""
	if r.goal != "" {
		verdict = "   goal " + r.goal + ": " + map[bool]string{true: "met", false: "missed"}[r.met]
	}
	fmt.Printf("\n%s: %s\n  %s\n  %s%s\n", strings.ToUpper(name), about, strings.Join(r.lines, "\n  "), r.figure, verdict)
}

// spread is the middle of some figures, and how far they lie apart.
type spread struct{ low, middle, high float64 }

func spreadOf(all []float64) spread {
	sorted := slices.Sorted(slices.Values(all))
	n := len(sorted)
	if n == 0 {
		return spread{}
	}
	return spread{sorted[0], (sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[n-1]}
}

func (s spread) String() string { return fmt.Sprintf("%.2f (%.2f–%.2f)", s.middle, s.low, s.high) }

func ms(d time.Duration) string { return fmt.Sprintf("%6.1f ms", inMs(d)) }

func size(bytes int) string {
	if bytes < 4<<10 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f KiB", float64(bytes)/1024)
}

func inMs(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ms gives a spread of milliseconds.
func (s spread) ms() string { return fmt.Sprintf("%6.1f ms (%.1f–%.1f)", s.middle, s.low, s.high) }
