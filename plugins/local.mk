# SPDX-License-Identifier: MIT
#
# What all plugins share. They are found by their directory, so libtool's .la
# files beside them would only be clutter once installed.

# Folders of nobody else: they go when nothing is left in them.
own_dirs = '$(pkglibdir)' '$(pkglibexecdir)' '$(pkgdatadir)' '$(docdir)' \
    '$(kdincludedir)'

install-data-hook:
	for la in $(plugin_LTLIBRARIES); do \
	    rm -f "$(DESTDIR)$(plugindir)/$${la##*/}"; \
	done

uninstall-hook:
	for la in $(plugin_LTLIBRARIES); do \
	    so=$${la##*/}; rm -f "$(DESTDIR)$(plugindir)/$${so%.la}.so"; \
	done
	for dir in $(own_dirs); do \
	    test ! -d "$(DESTDIR)$$dir" || \
	        find "$(DESTDIR)$$dir" -depth -type d -empty -delete; \
	done
