package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// clock is the unit in which Linux tells processor time, in user space always 1/100 s.
const clock = 10 * time.Millisecond

// Usage is processor time used since whenever; the difference of two tells what a stretch of work cost. All of it is
// zero on systems other than Linux.
type Usage struct {
	// Process is the program that is measured, Postgres the connections to the database, Client the bench itself, and
	// Others everything else that runs on the machine, and so disturbs.
	Process, Postgres, Client, Others time.Duration
}

// Minus gives what was used since an earlier usage.
func (u Usage) Minus(v Usage) Usage {
	return Usage{u.Process - v.Process, u.Postgres - v.Postgres, u.Client - v.Client, u.Others - v.Others}
}

// Plus adds usages up.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.Process + v.Process, u.Postgres + v.Postgres, u.Client + v.Client, u.Others + v.Others}
}

// Usage reads the processor time of a process and the database's connections. A PostgreSQL that does not run on this
// machine counts nothing.
func (d *Database) Usage(ctx context.Context, p *Process) (u Usage, err error) {
	total, err := busy()
	if errors.Is(err, os.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	rows, err := d.QueryContext(ctx, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'")
	if err != nil {
		return u, err
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			return u, err
		}
		if name, used, err := used(strconv.Itoa(pid)); err == nil && name == "postgres" {
			u.Postgres += used
		}
	}
	if err := rows.Err(); err != nil {
		return u, err
	}
	if _, u.Client, err = used("self"); err != nil {
		return u, err
	}
	_, u.Process, err = used(strconv.Itoa(p.PID()))
	u.Others = total - u.Process - u.Postgres - u.Client
	return u, err
}

// used reads the name and the processor time of a process.
func used(pid string) (name string, _ time.Duration, err error) {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return "", 0, err
	}
	// PID (NAME) STATE and fifty numbers, of which the 12th and 13th after the name are user and system time.
	begin, end := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
	fields := strings.Fields(string(text[end+1:]))
	if begin < 0 || len(fields) < 13 {
		return "", 0, fmt.Errorf("/proc/%s/stat: %.200s", pid, text)
	}
	return string(text[begin+1 : end]), ticks(fields[11]) + ticks(fields[12]), nil
}

// busy reads how long all processors together did something.
func busy() (sum time.Duration, err error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	// cpu user nice system idle iowait irq softirq steal …
	for i, field := range strings.Fields(line) {
		if i == 1 || i == 2 || i == 3 || i == 6 || i == 7 {
			sum += ticks(field)
		}
	}
	return sum, nil
}

func ticks(field string) time.Duration {
	n, _ := strconv.ParseInt(field, 10, 64) // the kernel writes numbers
	return time.Duration(n) * clock
}
