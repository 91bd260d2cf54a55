package main

import (
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
)

// config reads the environment; docs/operations.md describes every variable.
type config struct {
	app.Config
	host, port string
}

func readConfig() (config, error) {
	level := slog.LevelInfo
	if text := os.Getenv("LOG_LEVEL"); text != "" {
		if err := level.UnmarshalText([]byte(text)); err != nil {
			return config{}, fmt.Errorf("LOG_LEVEL: %w", err)
		}
	}
	c := config{host: env("HOST", "127.0.0.1"), port: env("PORT", "8000")}
	c.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	c.DatabaseURL, c.VarDir = os.Getenv("DATABASE_URL"), env("VAR_DIR", "var")
	if list := os.Getenv("ALLOWED_ORIGINS"); list != "" {
		c.Origins = strings.Split(list, ",")
	}
	var err error
	if c.Plans, err = crm.ParsePlans(os.Getenv("PLAN_LIMITS")); err != nil {
		return config{}, fmt.Errorf("PLAN_LIMITS: %w", err)
	}
	if n := os.Getenv("MAX_SOCKETS_PER_VIEWER"); n != "" {
		if _, err := fmt.Sscan(n, &c.HTTP.Sockets); err != nil || c.HTTP.Sockets < 1 {
			return config{}, fmt.Errorf("MAX_SOCKETS_PER_VIEWER: %q is not a number above 0", n)
		}
	}
	return c, nil
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}
