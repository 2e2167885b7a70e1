# SPDX-License-Identifier: MIT
#
# What all plugins share. They are found by their directory, so libtool's .la
# files beside them would only be clutter once installed.

install-data-hook:
	for la in $(plugin_LTLIBRARIES); do \
	    rm -f "$(DESTDIR)$(plugindir)/$${la##*/}"; \
	done

uninstall-hook:
	for la in $(plugin_LTLIBRARIES); do \
	    so=$${la##*/}; rm -f "$(DESTDIR)$(plugindir)/$${so%.la}.so"; \
	done
